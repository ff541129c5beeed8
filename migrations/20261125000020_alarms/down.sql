DROP INDEX requests_to_alarm;
DROP TABLE rotas;
DROP TABLE alarm_tellings;
DROP TABLE alarm_steps;
DROP TABLE alarms;
