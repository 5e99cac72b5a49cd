// Genlog writes a log of any length to standard output: what a host says all
// day, with denials in between. It is what the benchmarks and the long tests
// read, so the same options always give the same bytes.
//
//	genlog [-lines N] [-events PERCENT] [-kind apparmor|netfilter|mixed]
//	       [-form syslog|audit] [-distinct N] [-sources N] [-seed N]
//
// -form syslog is RFC 3164 with the kernel's uptime, as rsyslog writes kern.log
// and syslog; at 10 % events a line has 112 bytes on average. -form audit is
// what auditd writes; the firewall does not log there, so the only kind is
// apparmor, which is then the default.
//
// -distinct bounds how many different denials there are: two events are the same
// denial when they differ in nothing but time, serial, process id and what a
// packet's sender picks anew for each packet (source port, IP id). -sources bounds
// from how many IPv4 addresses the packets come.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
)

func main() {
	var c config
	flag.IntVar(&c.lines, "lines", 1_000_000, "write `N` lines")
	flag.Float64Var(&c.events, "events", 10, "make `PERCENT` of the lines denials")
	flag.StringVar(&c.kind, "kind", "", "`KIND` of the denials: apparmor, netfilter or mixed (default: all that the form knows)")
	flag.StringVar(&c.form, "form", "syslog", "`FORM` of the log: syslog or audit")
	flag.IntVar(&c.distinct, "distinct", 1000, "make at most `N` different denials")
	flag.IntVar(&c.sources, "sources", documentation4, "send the packets from at most `N` IPv4 addresses")
	flag.Uint64Var(&c.seed, "seed", 1, "begin the random numbers at `N`")
	flag.Parse()

	if err := run(c, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "genlog:", err)
		os.Exit(2)
	}
}

func run(c config, operands []string) error {
	if len(operands) > 0 {
		return fmt.Errorf("no operand is taken: %q", operands[0])
	}
	w := bufio.NewWriterSize(os.Stdout, 1<<18)
	if err := generate(w, c); err != nil {
		return err
	}
	return w.Flush()
}
