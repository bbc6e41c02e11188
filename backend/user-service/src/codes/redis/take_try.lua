-- Takes one try off an open code.
-- KEYS[1] the address. ARGV: request, now. Answers how it is, and if a try was taken: hash, sealed address, tries left.
local request, hash, email, tries, expires_at =
    unpack(redis.call('HMGET', KEYS[1], 'request', 'hash', 'email', 'tries', 'expires_at'))
if request ~= ARGV[1] or tonumber(expires_at) <= tonumber(ARGV[2]) then
    return { 'expired', '', '', '0' }
end
if tonumber(tries) < 1 then
    return { 'used up', '', '', '0' }
end
local left = redis.call('HINCRBY', KEYS[1], 'tries', -1)
return { 'taken', hash, email, tostring(left) }
