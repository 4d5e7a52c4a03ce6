-- wrk: asks for $TARGET again and again, which may be a whole URL as a proxy is asked for.
function init()
  local login = os.getenv("LOGIN") or ""
  local headers = { ["Host"] = "localhost" }
  if login ~= "" then headers["Proxy-Authorization"] = login end
  question = wrk.format("GET", os.getenv("TARGET"), headers)
end

function request() return question end

function done(summary)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "bytes": %d, "microseconds": %d, "errors": %d}\n',
    summary.requests, summary.bytes, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
