package propose

import (
	"encoding/hex"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// familyMade is the name of what coarse does, in the record of a rule.
const familyMade = "family"

// unix proposes rules for Unix sockets. A kernel without fine mediation of them
// names neither addresses nor peer, and none is put into the rule.
func (pr *proposal) unix(sockType string) {
	access, ok := pr.socketAccess()
	if !ok {
		return
	}
	rule := apparmor.Unix{Type: sockType}
	addr, peerAddr := pr.fields[record.FAddr], pr.fields[record.FPeerAddr]
	if inFileSystem(addr) || inFileSystem(peerAddr) {
		pr.coarse(access, rule)
		return
	}
	if rule.Addr, ok = pr.socketAddr(addr); !ok {
		return
	}
	if bind, _ := apparmor.SocketAccesses.Parse("bind"); addr == "none" && access.Intersects(bind) {
		// A bind without a name has the kernel choose one.
		auto := apparmor.Unix{Access: bind, Type: sockType, Addr: autoAddr}
		pr.add(auto)
		access = access.Minus(bind)
	}
	withPeer := access.Intersection(apparmor.PeerAccesses)
	if rule.Access = access.Minus(withPeer); rule.Access != (apparmor.Set{}) {
		pr.add(rule)
	}
	if withPeer == (apparmor.Set{}) {
		return
	}
	rule.Access = withPeer
	if rule.PeerAddr, ok = pr.socketAddr(peerAddr); !ok {
		return
	}
	if pr.fields[record.FPeer] != "" {
		if rule.PeerLabel, ok = pr.literal(record.FPeer); !ok {
			return
		}
	}
	pr.add(rule)
}

// inFileSystem reports whether the socket is a file.
func inFileSystem(addr string) bool {
	return addr != "" && addr != "none" && !strings.HasPrefix(addr, "@")
}

// coarse proposes the rule for the family. A socket file is denied as a file, but
// where the profile has the abi of a kernel that looks at no more than the family of
// Unix sockets, later ones name the file all the same (security/apparmor/af_unix.c,
// profile_peer_perm).
func (pr *proposal) coarse(access apparmor.Set, rule apparmor.Unix) {
	f := pr.fields
	if pr.options.Exact {
		addr := f[record.FPeerAddr]
		if !inFileSystem(addr) {
			addr = f[record.FAddr]
		}
		pr.note("unsupported", "without --exact a rule for all Unix sockets of that type is made", "%s: the socket %q is a file, and no unix rule can name it", f[record.FOperation], addr)
		return
	}
	rule.Access = access
	pr.made = []string{familyMade}
	pr.add(rule)
}

// autoAddr is the address that the kernel chooses, and noAddr that of a socket
// without one.
var (
	autoAddr, _ = apparmor.Literal("auto")
	noAddr, _   = apparmor.Literal("none")
)

// socketAddr returns the pattern for "@name" and for "none", and no pattern for
// no address.
func (pr *proposal) socketAddr(addr string) (p apparmor.Pattern, ok bool) {
	if addr == "" || addr == "none" {
		if addr == "none" {
			p = noAddr
		}
		return p, true
	}
	p, err := apparmor.LiteralAddress(plainAddr(addr))
	if err != nil {
		pr.note("name", "give it another name, or write the rule by hand", "no rule for %q: %v", addr, err)
	}
	return p, err == nil
}

// plainAddr undoes the hexadecimal form in which the kernel writes an abstract name
// with a byte that it would have to escape (security/apparmor/net.c,
// audit_unix_addr). What could be that form and has no such byte is a name as it is.
func plainAddr(addr string) string {
	digits := addr[1:]
	if digits == "" || len(digits)%2 != 0 || strings.Trim(digits, "0123456789ABCDEF") != "" {
		return addr
	}
	name, _ := hex.DecodeString(digits)
	for _, c := range name {
		if c <= ' ' || c == '"' || c > '~' {
			return "@" + string(name)
		}
	}
	return addr
}

// The names of what widerAddr does, in the record of a rule.
const (
	autoMade   = "autobind"
	paddedMade = "padding"
)

// widerAddr returns the address with what is another at every run: the name that the
// kernel chose (net/unix/af_unix.c, unix_autobind), and the zero bytes behind a name
// whose length was not said.
func widerAddr(addr apparmor.Pattern) (wide apparmor.Pattern, made string) {
	name, ok := addr.Literal()
	if !ok || !strings.HasPrefix(name, "@") {
		return addr, ""
	}
	if len(name) == len("@")+5 && strings.Trim(name[1:], "0123456789abcdef") == "" {
		return autoAddr, autoMade
	}
	plain := strings.TrimRight(name, "\x00")
	if plain == name || plain == "@" {
		return addr, ""
	}
	wide, err := apparmor.LiteralAddress(plain + "\x00")
	if err != nil {
		return addr, ""
	}
	return wide.Join(apparmor.AnyName()), paddedMade
}
