-- Turns a zone's pointer to a generation that has just been built. The one script without generation.lua before it.
-- KEYS[1]  the zone's pointer   KEYS[2..4]  the new generation's ready, runners, leases
-- ARGV[1]  the new generation   ARGV[2..4]  how many entries each of KEYS[2..4] must hold
-- ARGV[5]  seconds that the old generation's keys stay
-- Result   1 turned; 0 the new keys are not whole (flushed or expired while being built), and nothing changed
for i = 2, 4 do
  if redis.call('ZCARD', KEYS[i]) ~= tonumber(ARGV[i]) then return 0 end
end
-- pcall: should the pointer hold a foreign type, turning it is the cure.
local old = redis.pcall('GET', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1])
for i = 2, 4 do redis.call('PERSIST', KEYS[i]) end
if type(old) == 'string' and old ~= ARGV[1] then
  for _, name in ipairs({':ready', ':runners', ':leases'}) do
    redis.call('EXPIRE', KEYS[1] .. ':' .. old .. name, ARGV[5])
  end
end
return 1
