DROP TABLE sign_in_links;
DROP TABLE volunteer_looks;
DROP TABLE volunteers;
