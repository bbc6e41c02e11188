-- Adds to the count of a day.
-- KEYS[1] the count. ARGV: what is added, milliseconds to keep it. Answers the count.
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return count
