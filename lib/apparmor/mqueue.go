package apparmor

import (
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// Mqueue grants accesses to a message queue.
type Mqueue struct {
	Access Set     // of MqueueAccesses
	Type   string  // "posix" or "sysv"
	Name   Pattern // zero for any: of some queues the kernel logs none
}

// MqueueAccesses are the accesses of mqueue rules (parser/mqueue.h).
var MqueueAccesses = vocabulary("mqueue access", "create", "delete", "getattr", "open", "read", "setattr", "write")

var mqueueTypes = vocabulary("mqueue type", "posix", "sysv")

// Class returns ClassMqueue.
func (Mqueue) Class() Class { return ClassMqueue }

func (m Mqueue) appendText(dst []byte) []byte {
	dst = append(dst, "mqueue "...)
	dst = MqueueAccesses.appendList(dst, m.Access)
	dst = append(dst, " type="...)
	dst = append(dst, m.Type...)
	if m.Name == (Pattern{}) {
		return dst
	}
	return m.Name.appendName(append(dst, ' '))
}

func (m Mqueue) appendAttrs(attrs []record.Attr) []record.Attr {
	attrs = append(attrs,
		record.Attr{Name: "access", List: MqueueAccesses.Words(m.Access)},
		record.Attr{Name: "type", Text: m.Type})
	return appendPattern(attrs, "name", m.Name)
}

// parseMqueue holds the name against the type: the parser takes a type from
// the name, and a POSIX queue from a "/" alone.
func parseMqueue(s *scanner) Body {
	m := Mqueue{Access: s.list(MqueueAccesses)}
	s.expect(" type=")
	m.Type = s.wordOf(mqueueTypes)
	if !s.accept(" ") {
		return m
	}
	m.Name = s.name()
	ok := strings.HasPrefix(m.Name.text, "/")
	if m.Type == "sysv" {
		_, err := strconv.ParseUint(m.Name.text, 10, 32)
		ok = err == nil
	}
	if !ok {
		s.fail("%q is no name of a %s queue", m.Name.text, m.Type)
	}
	return m
}

func (m Mqueue) target() Body {
	m.Access = Set{}
	return m
}

func (m Mqueue) union(o Body) Body {
	m.Access = m.Access.Union(o.(Mqueue).Access)
	return m
}
