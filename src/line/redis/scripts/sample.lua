-- Some of those who wait, by chance, each at most once.
-- KEYS[1]  the zone's pointer
-- ARGV[1]  how many at most
-- Result   errand, errand, ...
return redis.call('ZRANDMEMBER', ready, ARGV[1])
