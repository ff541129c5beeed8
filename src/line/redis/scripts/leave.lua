-- A runner is not available any more.
-- KEYS[1]  the zone's pointer
-- ARGV[1]  runner
-- Result   1
redis.call('ZREM', runners, ARGV[1])
return 1
