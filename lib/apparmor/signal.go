package apparmor

import (
	"strconv"

	"github.com/sl-suite/sl/lib/record"
)

// Signal grants sending signals to a peer, or receiving them from one.
type Signal struct {
	Access  string // "send" or "receive"
	Signals Set    // of Signals
	Peer    Pattern
}

var signalAccesses = vocabulary("signal access", "receive", "send")

// Signals are the signals that AppArmor has names for
// (security/apparmor/include/sig_names.h) and apparmor_parser takes; "exists" is
// the test by signal 0.
var Signals = vocabulary("signal", append([]string{
	"abrt", "alrm", "bus", "chld", "cont", "emt", "exists", "fpe", "hup", "ill", "int", "io", "kill", "pipe", "prof",
	"pwr", "quit", "segv", "stkflt", "stop", "stp", "sys", "term", "trap", "ttin", "ttou", "urg", "usr1", "usr2",
	"vtalrm", "winch", "xcpu", "xfsz",
}, realTime()...)...)

// realTime returns the names of the real-time signals, as the kernel counts
// them: from 32 to 64.
func realTime() (names []string) {
	for i := range 33 {
		names = append(names, "rtmin+"+strconv.Itoa(i))
	}
	return names
}

// Class returns ClassSignal.
func (Signal) Class() Class { return ClassSignal }

func (g Signal) appendText(dst []byte) []byte {
	dst = append(dst, "signal ("...)
	dst = append(dst, g.Access...)
	dst = append(dst, ") set="...)
	dst = Signals.appendList(dst, g.Signals)
	dst = append(dst, " peer="...)
	return g.Peer.appendName(dst)
}

func (g Signal) appendAttrs(attrs []record.Attr) []record.Attr {
	attrs = append(attrs,
		record.Attr{Name: "access", List: []string{g.Access}},
		record.Attr{Name: "signal", List: Signals.Words(g.Signals)})
	return appendPattern(attrs, "peer", g.Peer)
}

func parseSignal(s *scanner) Body {
	var g Signal
	s.expect("(")
	g.Access = s.wordOf(signalAccesses)
	s.expect(") set=")
	g.Signals = s.list(Signals)
	s.expect(" peer=")
	g.Peer = s.name()
	return g
}

func (g Signal) target() Body {
	g.Signals = Set{}
	return g
}

func (g Signal) union(o Body) Body {
	g.Signals = g.Signals.Union(o.(Signal).Signals)
	return g
}
