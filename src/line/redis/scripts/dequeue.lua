-- An errand neither waits nor is held any more.
-- KEYS[1]  the zone's pointer
-- ARGV[1]  errand
-- Result   1
redis.call('ZREM', ready, ARGV[1])
redis.call('ZREM', leases, ARGV[1])
return 1
