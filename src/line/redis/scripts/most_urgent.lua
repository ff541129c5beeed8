-- The front of those who wait. Equal scores come by member, which is by id.
-- KEYS[1]  the zone's pointer
-- ARGV[1]  how many at most
-- Result   errand, due, errand, due, ...
return redis.call('ZRANGEBYSCORE', ready, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[1])
