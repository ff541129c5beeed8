-- Errands wait from now on and are held for nobody.
-- KEYS[1]        the zone's pointer
-- ARGV[2i-1,2i]  due in microseconds, errand
-- Result         how many were named
-- What may be refused for want of memory is written first: once a script has written, Redis lets it finish.
for i = 1, #ARGV, 2 do
  redis.call('ZADD', ready, ARGV[i], ARGV[i + 1])
  redis.call('ZREM', leases, ARGV[i + 1])
end
return #ARGV / 2
