package propose

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// socket proposes rules for class net.
func (pr *proposal) socket() {
	family, ok := pr.get(record.FFamily)
	if !ok {
		return
	}
	sockType, ok := pr.get(record.FSockType)
	if !ok {
		return
	}
	if family == "unix" {
		pr.unix(sockType)
		return
	}
	pr.network(family, sockType)
}

// socketOperations are the accesses that the operations of class net ask for
// (security/apparmor/lsm.c), for kernels that log no mask. Before Linux 2.6.36
// their names begin with "socket_".
var socketOperations = map[string]string{
	"create": "create", "post_create": "create", "bind": "bind", "connect": "connect", "listen": "listen", "accept": "accept",
	"sendmsg": "send", "recvmsg": "receive", "getsockname": "getattr", "getpeername": "getattr", "getsockopt": "getopt",
	"setsockopt": "setopt", "shutdown": "shutdown",
}

// socketAccess returns what was denied: the mask, or what the operation says.
func (pr *proposal) socketAccess() (access apparmor.Set, ok bool) {
	f := pr.fields
	if f[record.FDenied] == "" && f[record.FDeniedMask] == "" {
		if word, known := socketOperations[strings.TrimPrefix(f[record.FOperation], "socket_")]; known {
			return pr.words(apparmor.SocketAccesses, []string{word})
		}
		if f[record.FRequested] != "" || f[record.FRequestedMask] != "" { // net.c, audit_net_cb
			pr.note("incomplete", kernelFault, "%s without denied_mask: no rule", f[record.FOperation])
			return access, false
		}
	}
	return pr.denied(apparmor.SocketAccesses)
}

// network proposes what the kernel denied, as exactly as the parser can say it.
// An exact rule that it cannot take becomes a note.
func (pr *proposal) network(family, sockType string) {
	rule := apparmor.Network{Family: family, Type: sockType}
	if pr.options.Parser < 4 && !pr.options.Exact {
		pr.add(rule)
		return
	}
	access, ok := pr.socketAccess()
	if !ok {
		return
	}
	local, ok := pr.endpoint(record.FLaddr, record.FLport, record.FSaddr, record.FSport)
	if !ok {
		return
	}
	peer, ok := pr.endpoint(record.FFaddr, record.FFport, record.FDaddr, record.FDest)
	if !ok {
		return
	}
	rule.Local = local
	withPeer := access.Intersection(apparmor.PeerAccesses)
	if rule.Access = access.Minus(withPeer); rule.Access != (apparmor.Set{}) {
		pr.add(rule)
	}
	if rule.Access, rule.Peer = withPeer, peer; withPeer != (apparmor.Set{}) {
		pr.add(rule)
	}
}

// endpoint reads an address and a port, which have two names each: of the
// socket, and of the system call's argument.
func (pr *proposal) endpoint(addr, port, argAddr, argPort record.Field) (e apparmor.Endpoint, ok bool) {
	f := pr.fields
	ip, number := f[addr], f[port]
	if ip == "" {
		ip = f[argAddr]
	}
	if number == "" {
		number = f[argPort]
	}
	if ip != "" {
		parsed, err := netip.ParseAddr(ip)
		if err != nil || parsed.Zone() != "" {
			pr.note("unsupported", lookAt, "%s: %q is no address", f[record.FOperation], ip)
			return e, false
		}
		e.IP = parsed
	}
	if number != "" {
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			pr.note("unsupported", lookAt, "%s: %q is no port", f[record.FOperation], number)
			return e, false
		}
		e.Port, e.HasPort = uint16(n), true
	}
	return e, true
}
