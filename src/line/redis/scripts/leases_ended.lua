-- Errands whose hold has ended, longest ended first. They stay until something is said of them.
-- KEYS[1]  the zone's pointer
-- ARGV[1]  now in microseconds   ARGV[2]  how many at most
-- Result   errand, errand, ...
return redis.call('ZRANGEBYSCORE', leases, '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
