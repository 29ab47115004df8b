// What Go asks of an engine: goroutines on a stack of their own, a collector, one large switch a function, panics.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"regexp"
	"sort"
	"strings"
	"sync"
	"time"
)

type shape interface{ area() float64 }
type circle struct{ R float64 }
type box struct{ W, H float64 }

func (c circle) area() float64 { return math.Pi * c.R * c.R }
func (b box) area() float64    { return b.W * b.H }

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func recovered(f func()) (what any) {
	defer func() { what = recover() }()
	f()
	return nil
}

func main() {
	fmt.Println(os.Args[1:], fib(22))
	numbers, group, sum := make(chan int), sync.WaitGroup{}, 0
	for i := 0; i < 100; i++ {
		group.Add(1)
		go func() { defer group.Done(); numbers <- i * i }()
	}
	go func() { group.Wait(); close(numbers) }()
	for n := range numbers {
		sum += n
	}
	fmt.Println(sum)

	total := 0.0
	for _, s := range []shape{circle{1.5}, box{2, 3}} {
		total += s.area()
	}
	text, _ := json.Marshal(map[string]any{"é": []int{1, 2}, "a": total, "n": nil})
	fmt.Println(string(text))
	var none map[string]int
	var nobody *box
	index := 5
	fmt.Println(recovered(func() { none["a"] = 1 }))
	fmt.Println(recovered(func() { fmt.Println(nobody.area()) }))
	fmt.Println(recovered(func() { fmt.Println([]int{1}[index]) }))

	lines, longest := 0, ""
	in := bufio.NewScanner(os.Stdin)
	count := map[string]int{}
	for in.Scan() {
		lines++
		longest = max(longest, in.Text())
		count[strings.Fields(in.Text())[1]]++
	}
	words := make([]string, 0, len(count))
	for w := range count {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool { return count[words[i]] > count[words[j]] || count[words[i]] == count[words[j]] && words[i] < words[j] })
	fmt.Println(lines, longest, len(words), words[:3], count[words[0]])

	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	for i := 0; i < 2000; i++ {
		fmt.Fprintf(w, "line %d\n", i*i)
	}
	w.Close()
	r, _ := gzip.NewReader(&packed)
	all, _ := io.ReadAll(r)
	fmt.Printf("%d %x\n", len(all), sha256.Sum256(all))
	fmt.Println(new(big.Int).Exp(big.NewInt(3), big.NewInt(300), nil))
	fmt.Println(regexp.MustCompile(`(\w+)@(\w+)`).FindAllStringSubmatch("a@b c@d", -1))
	var kept [][]byte
	for i := 0; i < 2000; i++ {
		if kept = append(kept, make([]byte, 10000)); len(kept) > 100 {
			kept = kept[50:]
		}
	}
	start := time.Now()
	time.Sleep(5 * time.Millisecond)
	fmt.Println(len(kept) > 0, time.Since(start) >= 5*time.Millisecond)
	os.Exit(3)
}
