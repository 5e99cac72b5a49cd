package apparmor

// SocketAccesses are the accesses to a socket (security/apparmor/include/net.h
// and parser/network.h), for network and unix rules.
var SocketAccesses = vocabulary("socket access",
	"accept", "bind", "connect", "create", "getattr", "getopt", "listen", "receive", "send", "setattr", "setopt", "shutdown")

// PeerAccesses are those of them that have a peer. The parser refuses a peer
// beside any other.
var PeerAccesses = SocketAccesses.set("accept", "connect", "receive", "send")

// socketTypes are the types that the parser takes; it knows no dccp.
var socketTypes = vocabulary("socket type", "dgram", "packet", "raw", "rdm", "seqpacket", "stream")

// families are the address families of include/linux/socket.h that
// apparmor_parser 3.0 knows, without AF_ (kernel and parser both say unix).
var families = vocabulary("address family",
	"alg", "appletalk", "ash", "atmpvc", "atmsvc", "ax25", "bluetooth", "bridge", "caif", "can", "econet", "ib",
	"ieee802154", "inet", "inet6", "ipx", "irda", "isdn", "iucv", "kcm", "key", "llc", "mctp", "mpls", "netbeui",
	"netlink", "netrom", "nfc", "packet", "phonet", "pppox", "qipcrtr", "rds", "rose", "rxrpc", "security", "smc",
	"sna", "tipc", "unix", "unspec", "vsock", "wanpipe", "x25", "xdp")
