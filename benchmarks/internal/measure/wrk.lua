-- Sends requests with the method of WRK_METHOD, and prints one line of numbers
-- that the command reads.
wrk.method = os.getenv("WRK_METHOD")

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("counted: %d %d %d %d %d %d\n",
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end
