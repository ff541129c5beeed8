-- Opens every act below (it is put in front of each script).
-- KEYS[1]  the zone's pointer
-- Result   nil from the whole act when the zone has no generation: it is lost, not empty
-- The names are those of keys.rs.
local generation = redis.call('GET', KEYS[1])
if not generation then return false end
local base = KEYS[1] .. ':' .. generation
local ready, runners, leases = base .. ':ready', base .. ':runners', base .. ':leases'
