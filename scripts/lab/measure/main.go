// Measure runs pipelines again and again and prints the medians of what they
// cost: wall clock, processor time, and the peak memory of every process.
//
//	measure [-n RUNS] [-r CASES] <CASES
//
// A case is a line: a label and a pipeline in words that are separated by blanks,
// with "|" between the stages and "< FILE" at the end of the first one. There is
// no quoting. Empty lines and those that begin with "#" are passed over.
//
//	grep   grep -c DENIED kern.log
//	parse  sl-read kern.log | sl-parse
//	raw    sl-parse -R < kern.log
//
// Every round runs every case once, so that a slow minute of the machine falls
// upon all of them; the first round warms the caches and is not counted. Ratios of
// the wall clock are to each of the first -r cases. What the last stage writes goes
// from its pipe to /dev/null without a copy. A case whose program is not installed
// is left out and named.
//
// The exit status is 1 when a pipeline failed: what it cost then says little.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	runs := flag.Int("n", 5, "take the median of `RUNS` runs")
	bases := flag.Int("r", 1, "print the ratios to the first `CASES` cases")
	flag.Parse()
	if *runs < 1 || *bases < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	cases, err := readCases(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(2)
	}
	for range *runs + 1 {
		for _, c := range cases {
			c.run()
		}
	}
	if !printTable(os.Stdout, cases, *bases) {
		os.Exit(1)
	}
}
