-- Opens a code in place of the address's older one.
-- KEYS[1] the address. ARGV: request, hash, sealed address, tries, when it expires, milliseconds to keep it.
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'request', ARGV[1], 'hash', ARGV[2], 'email', ARGV[3], 'tries', ARGV[4],
    'expires_at', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return 1
