// What ECMAScript 5 has; prints with whichever of console.log and print there is.
var say = typeof console !== 'undefined' ? function (s) { console.log(s); } : print;
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
function deep(n) { return n ? 1 + deep(n - 1) : 0; }
say('' + fib(22) + ' ' + deep(500));
var counts = {};
for (var i = 0; i < 20000; i++) counts['k' + i * 7919 % 1000] = (counts['k' + i * 7919 % 1000] || 0) + i;
say(JSON.stringify(Object.keys(counts).slice(0, 5).map(function (k) { return [k, counts[k]]; })));
say('the quick brown fox'.replace(/(\w+) (\w+)/g, '$2 $1') + ' ' + /^(a+)+$/.test('aaaaaaaaaaaaab'));
try { null.x; } catch (e) { say(e instanceof TypeError ? 'TypeError' : 'something else'); }
say([0.1 + 0.2, 1e21, (123.456).toFixed(1), parseInt('ff', 16), Math.sqrt(2)].join());
say(new Date(86400000 * 365).toISOString());
var a = [];
for (i = 0; i < 20000; i++) a.push(Math.sin(i) * 1e6 | 0);
a.sort(function (x, y) { return x - y; });
say(a[0] + ' ' + a[10000] + ' ' + a[19999]);
var hash = 0;
for (i = 0; i < 200000; i++) hash = (hash * 31 + i) % 1000003;
say('' + hash);
