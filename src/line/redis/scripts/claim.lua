-- Gives an errand to a runner, if both are still there: the errand leaves ready, the runner the available, the hold starts.
-- KEYS[1]  the zone's pointer
-- ARGV[1]  errand   ARGV[2]  runner   ARGV[3]  end of the hold in microseconds
-- Result   1 claimed; 0 either was gone, and nothing changed
-- Both are looked for before anything is written. The first write takes something out, which Redis allows even when out
-- of memory, and a script that has begun to write is let finish: there is no half of a claim.
if not redis.call('ZSCORE', ready, ARGV[1]) then return 0 end
if not redis.call('ZSCORE', runners, ARGV[2]) then return 0 end
redis.call('ZREM', ready, ARGV[1])
redis.call('ZREM', runners, ARGV[2])
redis.call('ZADD', leases, ARGV[3], ARGV[1])
return 1
