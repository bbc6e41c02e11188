-- Takes one token out of a bucket, and counts one of a day if a second key is given; both or neither.
-- KEYS[1] the bucket, KEYS[2] the count of the day. ARGV: tokens per millisecond, tokens in a full bucket, now,
-- milliseconds to keep the bucket, most of a day, milliseconds to keep the count.
-- Answers 0 if it was taken, -1 if the day is full, or the milliseconds until there is a token.
local rate, burst, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if KEYS[2] and tonumber(redis.call('GET', KEYS[2]) or '0') >= tonumber(ARGV[5]) then
    return -1
end
local before = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(before[1] or ARGV[2]), tonumber(before[2] or ARGV[3])
-- A clock that was set back refills nothing.
tokens = math.min(burst, tokens + math.max(0, now - at) * rate)
local wait = 0
if tokens >= 1 then
    tokens = tokens - 1
else
    wait = math.max(1, math.ceil((1 - tokens) / rate))
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if wait == 0 and KEYS[2] then
    redis.call('INCR', KEYS[2])
    redis.call('PEXPIRE', KEYS[2], ARGV[6])
end
return wait
