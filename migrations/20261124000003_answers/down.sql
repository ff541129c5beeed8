DROP TABLE pauses;
DROP TABLE joiners;
DROP TABLE marks;
DROP TABLE questions;
