package apparmor

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// DBus grants sending or receiving one kind of message, owning a name (bind), or
// reading the messages of others (eavesdrop). What an access does not use is
// zero.
type DBus struct {
	Access    Set // of DBusAccesses: send and receive, or bind, or eavesdrop
	Bus       string
	Path      Pattern // send, receive
	Interface Pattern // send, receive
	Member    Pattern // send, receive
	PeerName  Pattern // send, receive; zero for any
	PeerLabel Pattern // send, receive; zero for any: a service that is yet to be started has none
	Name      Pattern // bind
}

// DBusAccesses are the accesses of dbus rules.
var DBusAccesses = vocabulary("dbus access", "bind", "eavesdrop", "receive", "send")

var dbusBind, dbusEavesdrop = DBusAccesses.set("bind"), DBusAccesses.set("eavesdrop")

// Class returns ClassDBus.
func (DBus) Class() Class { return ClassDBus }

func (d DBus) appendText(dst []byte) []byte {
	dst = append(dst, "dbus "...)
	dst = DBusAccesses.appendList(dst, d.Access)
	dst = append(dst, " bus="...)
	dst = append(dst, d.Bus...)
	for _, f := range []struct {
		key   string
		value Pattern
	}{{" path=", d.Path}, {" interface=", d.Interface}, {" member=", d.Member}, {" name=", d.Name}} {
		if f.value != (Pattern{}) {
			dst = f.value.appendName(append(dst, f.key...))
		}
	}
	return appendPeer(dst, "name", d.PeerName, "label", d.PeerLabel)
}

func (d DBus) appendAttrs(attrs []record.Attr) []record.Attr {
	attrs = append(attrs,
		record.Attr{Name: "access", List: DBusAccesses.Words(d.Access)},
		record.Attr{Name: "bus", Text: d.Bus})
	attrs = appendPattern(attrs, "path", d.Path)
	attrs = appendPattern(attrs, "interface", d.Interface)
	attrs = appendPattern(attrs, "member", d.Member)
	attrs = appendPattern(attrs, "name", d.Name)
	attrs = appendPattern(attrs, "peer_name", d.PeerName)
	return appendPattern(attrs, "peer_label", d.PeerLabel)
}

func parseDBus(s *scanner) Body {
	d := DBus{Access: s.list(DBusAccesses)}
	s.expect(" bus=")
	d.Bus = s.word("bus")
	switch {
	case d.Access == dbusEavesdrop:
	case d.Access == dbusBind:
		s.expect(" name=")
		d.Name = s.name()
	case d.Access.Intersects(dbusBind.Union(dbusEavesdrop)):
		s.fail("bind and eavesdrop stand alone")
	default:
		d.parseMessage(s)
	}
	return d
}

func (d *DBus) parseMessage(s *scanner) {
	s.expect(" path=")
	d.Path = s.name()
	if s.err == nil && !strings.HasPrefix(d.Path.text, "/") {
		s.fail("%q is no object path", d.Path.text)
	}
	s.expect(" interface=")
	d.Interface = s.name()
	s.expect(" member=")
	d.Member = s.name()
	if !s.accept(" peer=(") {
		return
	}
	both := false
	if s.accept("name=") {
		d.PeerName = s.name()
		both = s.accept(", ")
	}
	if both || d.PeerName == (Pattern{}) {
		s.expect("label=")
		d.PeerLabel = s.name()
	}
	s.expect(")")
}

func (d DBus) target() Body {
	if d.Access != dbusBind && d.Access != dbusEavesdrop {
		d.Access = Set{}
	}
	return d
}

func (d DBus) union(o Body) Body {
	d.Access = d.Access.Union(o.(DBus).Access)
	return d
}
