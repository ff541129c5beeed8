DROP TABLE notices;
DROP TABLE supplies;
DROP TABLE outreach;
DROP TABLE household_looks;
