DROP INDEX requests_undelivered;
DROP TABLE rotas;
DROP TABLE alarm_tellings;
DROP TABLE alarm_steps;
DROP TABLE alarms;
