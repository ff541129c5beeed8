-- Available runners inside one ring, nearest first.
-- KEYS[1]  the zone's pointer
-- ARGV[1]  longitude   ARGV[2]  latitude   ARGV[3]  radius in metres   ARGV[4]  how many at most (0: nobody, whatever the radius)
-- Result   {runner, metres}, {runner, metres}, ...
if tonumber(ARGV[4]) == 0 then return {} end
return redis.call('GEOSEARCH', runners, 'FROMLONLAT', ARGV[1], ARGV[2],
  'BYRADIUS', ARGV[3], 'm', 'ASC', 'COUNT', ARGV[4], 'WITHDIST')
