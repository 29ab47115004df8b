# What Ruby asks of an engine: longjmp by asyncify, fibers, a collector that scans the stack, bignums, regular expressions.
class Fib
  def initialize(n) = @n = n
  def value(n = @n) = n < 2 ? n : value(n - 1) + value(n - 2)
end
$stdout.puts Fib.new(18).value
begin
  raise ArgumentError, "oops"
rescue => e
  $stdout.puts e.message
ensure
  $stdout.puts "ensured"
end
count = Hash.new(0)
"the quick brown the lazy the".scan(/\w+/) { |word| count[word] += 1 }
$stdout.puts count.sort_by { |word, n| [-n, word] }.inspect
$stdout.puts (1..30).inject(:*), catch(:found) { 10.times { |i| throw :found, i if i == 7 } }
numbers = [1, 2, 3].each
$stdout.puts [numbers.next, numbers.next].inspect
10_000.times { |i| "#{i}" * 3 }
GC.start
$stdout.puts 2**100, 10.fdiv(4), "%05.2f" % 3.14159
$stdout.flush
