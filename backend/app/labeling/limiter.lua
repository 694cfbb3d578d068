-- Three buckets, a queue of turns and the calls in flight, for all workers of one scope. What it promises: limiter.py.
-- ARGV: operation, time (empty: the server's), three limits a minute, calls in flight, then what the operation takes.
local STATE, TURNS, FLIGHT, CALLS = unpack(KEYS)
local BUCKETS = {'requests', 'input', 'output'}
local FLIGHT_SECONDS = 120 -- after that a call counts as crashed
local HORIZON_SECONDS = 30 -- a turn further away is told, not kept: workers do not stay for it
local GRACE_SECONDS = 5 -- a turn that is not taken lapses
local LEARNED_SECONDS = 600
local LONGEST_PAUSE_SECONDS = 3600 -- whatever a provider asks for
local SCARCE_SECONDS = 60
local BREAK_AFTER = 5 -- failures in a row, whoever's: then nobody calls for a while, then one finds out
local BREAK_SECONDS, LONGEST_BREAK_SECONDS = 5, 60 -- doubles each time that it found out nothing better
local ASK_AGAIN_SECONDS = 1 -- while it is found out
local MOMENT = 1e-6
local UNSAID = 1 - 1e-3 -- of a request: what remains is told in whole ones, rounded down

local operation, now, most_calls = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[6])
if not now then
  local clock = redis.call('TIME')
  now = clock[1] + clock[2] / 1e6
end

local state = setmetatable({}, {__index = function() return 0 end})
local stored = redis.call('HGETALL', STATE)
for i = 1, #stored, 2 do state[stored[i]] = tonumber(stored[i + 1]) end

local function save()
  local flat = {}
  for name, value in pairs(state) do
    flat[#flat + 1] = name
    flat[#flat + 1] = string.format('%.17g', value)
  end
  redis.call('HSET', STATE, unpack(flat))
end

-- What holds now: a limit that the provider said, else the configured one, slowed down after a 429.
local rate, capacity, spare = {}, {}, {}
for i, bucket in ipairs(BUCKETS) do
  local limit = tonumber(ARGV[2 + i])
  if state['learned_until_' .. bucket] > now then
    limit = math.min(limit, state['learned_' .. bucket])
  elseif state.slowed_until > now then
    limit = limit * state.slowed
  end
  limit = math.max(1, limit)
  rate[bucket], capacity[bucket] = limit / 60, limit / 2
  spare[bucket] = capacity[bucket] < 10 and 0 or math.max(1, capacity[bucket] * 0.02)
  local filled = state.at == 0 and capacity[bucket] or state[bucket]
  local since = bucket == 'requests' and math.max(state.at, math.min(now, state.paused_until)) or state.at
  state[bucket] = math.min(capacity[bucket], filled + rate[bucket] * math.max(0, now - since))
end
state.at = now

local function known(id)
  local packed = redis.call('HGET', CALLS, id)
  return packed and cmsgpack.unpack(packed)
end

-- `turn` is missing when somebody has deleted the key.
local function leave_queue(id, turn)
  redis.call('ZREM', TURNS, id)
  redis.call('HDEL', CALLS, id)
  local empty = redis.call('ZCARD', TURNS) == 0
  for i, bucket in ipairs(BUCKETS) do
    state['left_' .. bucket] = empty and 0 or state['left_' .. bucket] + (turn and turn.estimate[i] or 0)
    if empty then state['asked_' .. bucket] = 0 end
  end
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', TURNS, '-inf', now)) do leave_queue(id, known(id)) end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', FLIGHT, '-inf', now)) do
  redis.call('ZREM', FLIGHT, id)
  redis.call('HDEL', CALLS, id)
end

-- Seconds until the buckets suffice for a call and all whose turn is earlier; whether it is the requests that lack most.
local function wait_for_buckets(turn, urgent)
  local paused = math.max(0, state.paused_until - now)
  local lacking = {}
  for i, bucket in ipairs(BUCKETS) do
    local keep, ahead = 0, 0
    if not urgent then
      keep = math.max(spare[bucket], state.held_until > now and state['held_' .. bucket] or 0)
      keep = math.min(keep, capacity[bucket])
      ahead = math.max(0, turn.before[i] - state['left_' .. bucket])
    end
    local need = math.min(turn.estimate[i], capacity[bucket] - keep)
    lacking[i] = math.max(0, need + keep + ahead - state[bucket]) / rate[bucket]
  end
  local scarce = paused == 0 and lacking[1] > MOMENT and lacking[1] >= math.max(lacking[2], lacking[3])
  return math.max(paused + lacking[1], lacking[2], lacking[3]), scarce
end

-- Seconds until a call is likely to end whose place can be had. A turn may be taken at any free place: some sleep.
local function wait_for_place(turn, urgent, is_new)
  local keep = not urgent and (most_calls >= 4 or state.held_until > now) and 1 or 0
  local ahead = urgent and 0 or math.max(0, turn.before[1] - state.left_requests)
  local missing = 1 + keep - (most_calls - redis.call('ZCARD', FLIGHT))
  if missing + (is_new and ahead or 0) <= 0 then return 0 end
  local pace = (state.duration == 0 and 1 or state.duration) / most_calls
  return math.max(0.01, pace * (missing + ahead - 0.5))
end

-- Seconds until it is known whether a provider is back that failed again and again; the break itself is a pause.
local function wait_for_probe()
  return state.failures >= BREAK_AFTER and state.probe_until > now and ASK_AGAIN_SECONDS or 0
end

local function begin(id, turn, urgent)
  local call = {at = now, spent = {}, probe = state.failures >= BREAK_AFTER}
  if call.probe then state.probe_until = now + FLIGHT_SECONDS end
  for i, bucket in ipairs(BUCKETS) do
    state[bucket] = state[bucket] - turn.estimate[i]
    state['spent_' .. bucket] = state['spent_' .. bucket] + turn.estimate[i]
    call.spent[i] = state['spent_' .. bucket]
  end
  if urgent then state.held_until = 0 end
  redis.call('ZADD', FLIGHT, now + FLIGHT_SECONDS, id)
  redis.call('HSET', CALLS, id, cmsgpack.pack(call))
end

local function keep_turn(id, turn, wait, is_new)
  if is_new then
    for i, bucket in ipairs(BUCKETS) do state['asked_' .. bucket] = state['asked_' .. bucket] + turn.estimate[i] end
    redis.call('HSET', CALLS, id, cmsgpack.pack(turn))
  end
  redis.call('ZADD', TURNS, now + wait + GRACE_SECONDS, id)
end

-- Ordinary calls leave what this one needs until it comes again.
local function hold_for(turn, wait)
  state.held_until = now + wait + 1
  for i, bucket in ipairs(BUCKETS) do state['held_' .. bucket] = turn.estimate[i] end
end

local function take(id, input, output, urgent)
  if redis.call('ZSCORE', FLIGHT, id) then return {1, '0'} end -- the first answer was lost on its way
  if state.blocked_until > now then
    return {0, string.format('%.6f', state.blocked_until - now), redis.call('HGET', STATE, 'reason') or ''}
  end
  local old = known(id)
  local turn = old or {estimate = {1, input, output}, before = {state.asked_requests, state.asked_input, state.asked_output}}
  local wait, scarce = wait_for_buckets(turn, urgent)
  wait = math.max(wait, wait_for_place(turn, urgent, not old), wait_for_probe())
  if wait <= MOMENT or urgent or wait > HORIZON_SECONDS then
    if old then leave_queue(id, old) end
  else
    keep_turn(id, turn, wait, not old)
  end
  if wait <= MOMENT then
    begin(id, turn, urgent)
    return {1, '0'}
  end
  if urgent then hold_for(turn, wait) end
  if scarce then state.scarce_until = now + SCARCE_SECONDS end
  return {0, string.format('%.6f', wait + MOMENT), '', state.failures >= BREAK_AFTER and 1 or 0}
end

-- `remaining` is the provider's bucket when the call reached it, or when it was answered; which is not documented. If the
-- former, add what has flowed in since and subtract what was begun. The more hopeful reading holds: a 429 corrects it.
local function learn(i, bucket, limit, remaining, call)
  if limit then
    state['learned_' .. bucket], state['learned_until_' .. bucket] = limit, now + LEARNED_SECONDS
  end
  if remaining then
    local since = call and math.max(0, rate[bucket] * (now - call.at) - (call.spent_then[i] - call.spent[i])) or 0
    state[bucket] = math.min(state[bucket], remaining + (bucket == 'requests' and UNSAID or 0) + since)
  end
end

-- Nobody begins before the end; from then on the requests flow in one by one, as from an empty bucket.
local function hold_off(seconds)
  state.paused_until = math.max(state.paused_until, now + seconds)
  state.requests = math.min(state.requests, spare.requests)
end

-- During a break only the probe counts: what ends then has begun before.
local function judge(call, worked)
  if call.probe then state.probe_until = 0 end
  if worked == '' or (state.failures >= BREAK_AFTER and not call.probe) then return end
  if worked == '1' then
    state.failures, state.breaks = 0, 0
    return
  end
  state.failures = state.failures + 1
  if state.failures >= BREAK_AFTER then
    hold_off(math.min(LONGEST_BREAK_SECONDS, BREAK_SECONDS * 2 ^ state.breaks))
    state.breaks = state.breaks + 1
  end
end

local function settle(id, difference, limits, remaining, worked)
  local call = known(id)
  if call and call.before then
    leave_queue(id, call)
    call = nil
  end
  if call then
    redis.call('ZREM', FLIGHT, id)
    redis.call('HDEL', CALLS, id)
    local seconds = now - call.at
    state.duration = state.duration == 0 and seconds or state.duration * 0.9 + seconds * 0.1
    call.spent_then = {}
    judge(call, worked)
  end
  for i, bucket in ipairs(BUCKETS) do
    if call then
      call.spent_then[i] = state['spent_' .. bucket]
      state[bucket] = math.min(capacity[bucket], state[bucket] - difference[i])
      state['spent_' .. bucket] = state['spent_' .. bucket] + difference[i]
    end
    learn(i, bucket, limits[i], remaining[i], call)
  end
end

local function pause(seconds)
  if now > math.max(state.paused_until, state.slowed_at + GRACE_SECONDS) then
    state.slowed = math.max(0.1, (state.slowed_until > now and state.slowed or 1) * 0.9)
    state.slowed_at, state.slowed_until = now, now + LEARNED_SECONDS
  end
  hold_off(math.min(seconds, LONGEST_PAUSE_SECONDS))
end

local answer = {0, '0'}
if operation == 'take' then
  answer = take(ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10] == '1')
elseif operation == 'settle' then
  local difference = {0, tonumber(ARGV[8]), tonumber(ARGV[9])}
  local limits = {tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])}
  settle(ARGV[7], difference, limits, {tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])}, ARGV[16])
elseif operation == 'pause' then
  pause(tonumber(ARGV[7]))
elseif operation == 'block' then
  state.blocked_until = now + tonumber(ARGV[8])
  redis.call('HSET', STATE, 'reason', ARGV[7])
elseif operation == 'unblock' then
  state.blocked_until = 0
elseif operation == 'scarce' then
  return {state.scarce_until > now and 1 or 0, '0'}
end
save()
return answer
