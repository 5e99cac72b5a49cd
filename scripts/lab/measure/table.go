package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

// printTable writes the medians, with the ratios to each of the first cases, and
// says whether every pipeline succeeded.
func printTable(w io.Writer, cases []*testCase, bases int) (succeeded bool) {
	succeeded = true
	floor := ownPeak()
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\twall s\tcpu s\t")
	for _, c := range cases[:min(bases, len(cases))] {
		fmt.Fprintf(t, "to %s\t", c.label)
	}
	fmt.Fprint(t, "peak MiB of each process\t\n")
	var remarks []string
	for _, c := range cases {
		if c.absent != "" {
			remarks = append(remarks, fmt.Sprintf("%s: left out: %s is not installed", c.label, c.absent))
			continue
		}
		if c.failed != nil {
			succeeded = false
			remarks = append(remarks, fmt.Sprintf("%s: failed: %v", c.label, c.failed))
		}
		costs := c.costs[1:]
		cpu := median(costs, func(c cost) time.Duration { return c.cpu })
		fmt.Fprintf(t, "%s\t%.4f\t%.4f\t", c.label, c.wall().Seconds(), cpu.Seconds())
		for _, base := range cases[:min(bases, len(cases))] {
			if base.absent != "" {
				fmt.Fprint(t, "-\t")
			} else {
				fmt.Fprintf(t, "%.2f\t", float64(c.wall())/float64(base.wall()))
			}
		}
		fmt.Fprintf(t, "%s\t\n", peaks(costs, floor))
	}
	t.Flush()
	for _, r := range remarks {
		fmt.Fprintln(w, r)
	}
	return succeeded
}

// wall is the median of the wall clock.
func (c *testCase) wall() time.Duration {
	return median(c.costs[1:], func(c cost) time.Duration { return c.wall })
}

// peaks lists the medians of the stages' memory. A process inherits at its start
// the peak of the one that it was forked from (fs/exec.c, exec_mmap), so what is
// not above our own peak is only known to be below it.
func peaks(costs []cost, floor int64) string {
	var list []string
	for stage := range costs[0].peak {
		kib := median(costs, func(c cost) int64 {
			if stage < len(c.peak) {
				return c.peak[stage]
			}
			return 0
		})
		sign := ""
		if kib <= floor {
			sign, kib = "<", floor
		}
		list = append(list, fmt.Sprintf("%s%.1f", sign, float64(kib)/1024))
	}
	return strings.Join(list, " | ")
}

// ownPeak is the peak memory of this process in KiB.
func ownPeak() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return usage.Maxrss
}

// median returns the middle value, the lower one of two.
func median[T cmp.Ordered](costs []cost, of func(cost) T) T {
	values := make([]T, len(costs))
	for i, c := range costs {
		values[i] = of(c)
	}
	slices.Sort(values)
	return values[(len(values)-1)/2]
}
