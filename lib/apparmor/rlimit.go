package apparmor

import (
	"math"
	"strconv"

	"github.com/sl-suite/sl/lib/record"
)

// Rlimit bounds what setrlimit(2) may set; unlike the other rules it also takes
// effect by itself, when the profile is entered.
type Rlimit struct {
	Resource string
	Value    uint64 // in the resource's unit of getrlimit(2); Infinity for none
}

// Infinity is RLIM_INFINITY.
const Infinity = math.MaxUint64

// resources are those of getrlimit(2) but for nice, for which the parser has a
// unit of its own.
var resources = vocabulary("resource",
	"as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nofile", "nproc", "rss", "rtprio", "rttime",
	"sigpending", "stack")

// Class returns ClassRlimit.
func (Rlimit) Class() Class { return ClassRlimit }

func (r Rlimit) value() string {
	if r.Value == Infinity {
		return "infinity"
	}
	return strconv.FormatUint(r.Value, 10)
}

func (r Rlimit) appendText(dst []byte) []byte {
	dst = append(dst, "set rlimit "...)
	dst = append(dst, r.Resource...)
	dst = append(dst, " <= "...)
	return append(dst, r.value()...)
}

func (r Rlimit) appendAttrs(attrs []record.Attr) []record.Attr {
	return append(attrs,
		record.Attr{Name: "rlimit", Text: r.Resource},
		record.Attr{Name: "value", Text: r.value()})
}

func parseRlimit(s *scanner) Body {
	r := Rlimit{Resource: s.wordOf(resources), Value: Infinity}
	s.expect(" <= ")
	if !s.accept("infinity") {
		r.Value = s.number(64)
	}
	return r
}

func (r Rlimit) target() Body { return Rlimit{Resource: r.Resource} }

// union is the larger value.
func (r Rlimit) union(o Body) Body {
	r.Value = max(r.Value, o.(Rlimit).Value)
	return r
}
