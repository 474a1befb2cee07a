-- The step of `Rule::take` and `Rule::give_back`, in one piece on the server.
-- KEYS[1] the count; ARGV: shape, now, max, per, longest (milliseconds), take or give.
-- Answers 0 when allowed, else the milliseconds to wait.
local shape, give = ARGV[1], ARGV[6] == 'give'
local now, max, per, longest = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local kept = redis.call('HMGET', KEYS[1], 'level', 'last')
local level, last = tonumber(kept[1] or '0'), tonumber(kept[2] or '0')
local interval = math.floor(per / max)

if give then
  if not kept[1] then return 0 end
  if shape == 'window' then level = math.max(level - 1, 0) else level = level - interval end
elseif shape == 'window' then
  local over = last + per - now
  if over <= 0 then
    level = 1
  elseif level >= max then
    return over
  else
    level = level + 1
  end
  last = now
else
  local raised = math.max(level, now) + interval
  local wait = raised - now - per
  if longest > 0 and wait > 0 then
    local steps = math.min(math.floor((wait + interval - 1) / interval) - 1, 20)
    wait = last + math.min(1000 * 2 ^ steps, longest) - now
  end
  if wait > 0 then return wait end
  level, last = raised, now
end

local over_at = last + per
if shape ~= 'window' then over_at = math.max(level, last + longest) end
redis.call('HSET', KEYS[1], 'level', string.format('%.0f', level), 'last', string.format('%.0f', last))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(over_at - now, 1)))
return 0
