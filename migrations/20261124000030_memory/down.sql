DROP TABLE refused_goods;
DROP TABLE fetched;
