-- A runner is available, here.
-- KEYS[1]  the zone's pointer
-- ARGV[1]  longitude   ARGV[2]  latitude   ARGV[3]  runner
-- Result   1
redis.call('GEOADD', runners, ARGV[1], ARGV[2], ARGV[3])
return 1
