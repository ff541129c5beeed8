-- How much the zone holds.
-- KEYS[1]  the zone's pointer
-- Result   generation, ready, runners, leases
return {generation, redis.call('ZCARD', ready), redis.call('ZCARD', runners), redis.call('ZCARD', leases)}
