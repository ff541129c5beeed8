-- An errand is held until a time: a new hold or a renewed one.
-- KEYS[1]  the zone's pointer
-- ARGV[1]  errand   ARGV[2]  end of the hold in microseconds
-- Result   1
-- What may be refused for want of memory is written first: once a script has written, Redis lets it finish.
redis.call('ZADD', leases, ARGV[2], ARGV[1])
redis.call('ZREM', ready, ARGV[1])
return 1
