DROP TABLE settlements;
DROP TABLE outlays;
DROP TABLE receipts;
