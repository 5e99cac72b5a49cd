package main

import (
	"fmt"
	"io"
	"time"
)

// config is what the options say.
type config struct {
	lines    int
	events   float64 // percent of the lines
	kind     string  // apparmor, netfilter, mixed, "" for all that the form knows
	form     string  // syslog, audit
	distinct int
	sources  int
	seed     uint64
}

func (c config) check() error {
	switch {
	case c.lines < 0:
		return fmt.Errorf("-lines %d: must not be negative", c.lines)
	case !(c.events >= 0 && c.events <= 100):
		return fmt.Errorf("-events %v: must be 0 to 100", c.events)
	case c.distinct < 1:
		return fmt.Errorf("-distinct %d: must be at least 1", c.distinct)
	case c.sources < 1 || c.sources > addrs4:
		return fmt.Errorf("-sources %d: must be 1 to %d", c.sources, addrs4)
	case c.form != "syslog" && c.form != "audit":
		return fmt.Errorf("-form %q: must be syslog or audit", c.form)
	case c.kind != "" && c.kind != "apparmor" && c.kind != "netfilter" && c.kind != "mixed":
		return fmt.Errorf("-kind %q: must be apparmor, netfilter or mixed", c.kind)
	case c.form == "audit" && c.kind != "" && c.kind != "apparmor":
		return fmt.Errorf("-kind %s: the firewall does not write to audit.log", c.kind)
	}
	return nil
}

// generate writes c.lines lines to w. The error is w's, or says which option is
// wrong.
func generate(w io.Writer, c config) error {
	if err := c.check(); err != nil {
		return err
	}
	h := host{random: random(c.seed), clock: clock{now: midnight}, serial: 100}
	quiet, denial := h.syslogNoise, h.syslogDenial
	if c.form == "audit" {
		quiet, denial = h.auditNoise, h.auditDenial
	}
	threshold := int(c.events * 1e4)
	var line []byte
	for range c.lines {
		h.clock.advance(time.Duration(h.below(int(2*meanPause/time.Microsecond))) * time.Microsecond)
		if h.below(1e6) < threshold {
			line = denial(line[:0], c)
		} else {
			line = quiet(line[:0])
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// host is the machine that writes the log.
type host struct {
	random
	clock  clock
	serial int // of the audit record written last
}

// pid returns a process id as a system has it that is up for some days.
func (h *host) pid() int { return h.between(300, 99_999) }

// packet says whether the next denial is the firewall's.
func (h *host) packet(kind string) bool {
	switch kind {
	case "apparmor":
		return false
	case "netfilter":
		return true
	}
	return h.below(2) == 0
}

// which draws one of the distinct denials: a random sequence that is the same
// each time this denial is drawn, and the denial's number.
func (h *host) which(c config) (random, int) {
	k := h.below(c.distinct)
	r := random(c.seed ^ uint64(k+1)*0xd1342543de82ef95)
	return r, k
}
