-- What Lua asks of an engine: longjmp through pcall, coroutines, a collector, %g, string patterns.
local ok, e = pcall(function() error({code = 7}) end)
print(ok, e.code)
print(pcall(string.rep, "x", -1), select("#", pcall(error)))
local function deep(n) if n == 0 then error("bottom") end return pcall(deep, n - 1) end
print(deep(50))
local co = coroutine.wrap(function(a) for i = 1, 3 do a = a + coroutine.yield(a * i) end return "done" end)
print(co(1), co(2), co(3), co(4))
local t = {}
for i = 1, 30000 do t[i] = (i * 7919) % 100003 end
table.sort(t)
print(t[1], t[15000], t[30000])
print(string.format("%5.2f %g %g %a %q", math.pi, 1e300, 0.1, 0.5, "a\nb"), ("hello world"):gsub("o", "0"))
local words = {}
for word in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do words[#words + 1] = word end
print(table.concat(words, ","), math.maxinteger // 3, 7 // -2, 7 % -2, 2^53, 1 << 62)
local n = 0
for i = 1, 20000 do local s = {i, tostring(i)}; n = n + #s[2] end
collectgarbage()
print(n, collectgarbage("count") < 10000)
print(pcall(load, "return +"), load("return 1 + 1")())
for line in io.lines("w/text.txt") do n = n + #line end
print(n)
local out = assert(io.open("w/out.txt", "w"))
for i = 1, 100 do out:write(i, " ", math.sqrt(i), "\n") end
out:close()
