-- Forgets a code, unless the address has a newer one.
-- KEYS[1] the address. ARGV: request.
if redis.call('HGET', KEYS[1], 'request') == ARGV[1] then
    redis.call('DEL', KEYS[1])
end
return 1
