package record

// Field names one thing that a kernel message says. Names in the stream keep
// the kernel's spelling in lower case; where one line says the same word twice
// with different meanings, the second has a name of its own (ulen, icmp_id).
type Field uint8

// Fields holds the values of one message, indexed by Field; "" is absent. A
// value is the exact bytes after the log's own encoding (hex, quotes) is undone.
type Fields [NumFields]string

// A FieldSet is a set of fields.
type FieldSet [(NumFields + 63) / 64]uint64

// AllFields returns the set of all fields.
func AllFields() FieldSet { return allFields }

var allFields = func() (s FieldSet) {
	for f := range NumFields {
		s.Add(f)
	}
	return s
}()

// Has reports whether f is in the set.
func (s *FieldSet) Has(f Field) bool { return s[f/64]&(1<<(f%64)) != 0 }

// Add puts f into the set.
func (s *FieldSet) Add(f Field) { s[f/64] |= 1 << (f % 64) }

// AppArmor messages: security/apparmor/{audit,file,net,mount,...}.c and
// dbus-daemon. FName to FFlags are shared with netfilter where it uses the word.
const (
	FVerdict   Field = iota // AppArmor: DENIED, ALLOWED, ...; netfilter: accept, drop, reject, none, unknown
	FOperation              // what was tried
	FClass                  // file, cap, net, mount, ...
	FInfo
	FError
	FNamespace
	FProfile
	FName
	FPid
	FComm
	FRequestedMask
	FDeniedMask
	FRequested
	FDenied
	FFsuid
	FOuid
	FCapability
	FCapname
	FFamily
	FSockType
	FProtocol
	FLaddr
	FLport
	FFaddr
	FFport
	FSaddr
	FSport // "src=" of a socket message: a port
	FDaddr
	FDest // a port
	FAddr
	FPeerAddr
	FPeer
	FSignal
	FTarget
	FSrcname
	FFstype
	FFlags // mount flags; TCP flags as in the log: "ACK PSH"
	FOptions
	FRlimit
	FValue
	FTcontext
	FLabel
	FBus
	FPath
	FInterface
	FMember
	FMask
	FPeerLabel
	FPeerPid
	FExe
	FExecpath // the program that asked for a user namespace

	// Netfilter messages: net/netfilter/nf_log_syslog.c, in the order of the line.
	FPrefix // free text before IN=
	FChain  // from the prefix or from the interfaces: INPUT, OUTPUT, FORWARD, or a name
	FZone
	FHook  // of netfilter, where the prefix says it: PREROUTING, INPUT, ...
	FCause // why the packet was dropped, where the prefix says it: invalid, rate, route, list
	FIn
	FOut
	FPhysin
	FPhysout
	FMac
	FMacsrc
	FMacdst
	FMacproto
	FVproto
	FVid
	FTunnel
	FSrc
	FDst
	FLen
	FTos
	FPrec
	FTTL
	FTc
	FHoplimit
	FFlowlbl
	FID
	FFrag // "CE", "DF", "MF" as in the log: "DF MF"
	FFragOffset
	FFragID
	FExt // IPv6 extension headers and IPv4 options as in the log
	FProto
	FSpt
	FDpt
	FUlen // second LEN=, of UDP
	FSeq
	FAck
	FWindow
	FRes
	FUrgp
	FTCPOpt
	FSpi
	FIcmpType
	FIcmpCode
	FIcmpID
	FIcmpSeq
	FGateway
	FPointer
	FMtu
	FUID
	FGID
	FMark
	FHtype
	FPtype
	FOpcode
	FArpMacsrc
	FIpsrc
	FArpMacdst
	FIpdst
	FIncomplete // bytes that there were of a header
	FTruncated  // "TRUNCATED"

	NumFields
)

// number marks the fields that are written as JSON numbers when the value is a
// canonical decimal number of at most 2^53, and as strings otherwise.
const number = true

type fieldInfo struct {
	key    key
	number bool
}

var fieldInfos = [NumFields]fieldInfo{
	FVerdict: {`,"verdict":`, false}, FOperation: {`,"operation":`, false}, FClass: {`,"class":`, false},
	FInfo: {`,"info":`, false}, FError: {`,"error":`, number}, FNamespace: {`,"namespace":`, false},
	FProfile: {`,"profile":`, false}, FName: {`,"name":`, false}, FPid: {`,"pid":`, number}, FComm: {`,"comm":`, false},
	FRequestedMask: {`,"requested_mask":`, false}, FDeniedMask: {`,"denied_mask":`, false},
	FRequested: {`,"requested":`, false}, FDenied: {`,"denied":`, false},
	FFsuid: {`,"fsuid":`, number}, FOuid: {`,"ouid":`, number},
	FCapability: {`,"capability":`, number}, FCapname: {`,"capname":`, false},
	FFamily: {`,"family":`, false}, FSockType: {`,"sock_type":`, false}, FProtocol: {`,"protocol":`, number},
	FLaddr: {`,"laddr":`, false}, FLport: {`,"lport":`, number}, FFaddr: {`,"faddr":`, false}, FFport: {`,"fport":`, number},
	FSaddr: {`,"saddr":`, false}, FSport: {`,"sport":`, number}, FDaddr: {`,"daddr":`, false}, FDest: {`,"dest":`, number},
	FAddr: {`,"addr":`, false}, FPeerAddr: {`,"peer_addr":`, false}, FPeer: {`,"peer":`, false},
	FSignal: {`,"signal":`, false}, FTarget: {`,"target":`, false}, FSrcname: {`,"srcname":`, false},
	FFstype: {`,"fstype":`, false}, FFlags: {`,"flags":`, false}, FOptions: {`,"options":`, false},
	FRlimit: {`,"rlimit":`, false}, FValue: {`,"value":`, number},
	FTcontext: {`,"tcontext":`, false}, FLabel: {`,"label":`, false},
	FBus: {`,"bus":`, false}, FPath: {`,"path":`, false}, FInterface: {`,"interface":`, false}, FMember: {`,"member":`, false},
	FMask: {`,"mask":`, false}, FPeerLabel: {`,"peer_label":`, false}, FPeerPid: {`,"peer_pid":`, number}, FExe: {`,"exe":`, false},
	FExecpath: {`,"execpath":`, false},

	FPrefix: {`,"prefix":`, false}, FChain: {`,"chain":`, false}, FZone: {`,"zone":`, false},
	FHook: {`,"hook":`, false}, FCause: {`,"cause":`, false},
	FIn: {`,"in":`, false}, FOut: {`,"out":`, false}, FPhysin: {`,"physin":`, false}, FPhysout: {`,"physout":`, false},
	FMac: {`,"mac":`, false}, FMacsrc: {`,"macsrc":`, false}, FMacdst: {`,"macdst":`, false}, FMacproto: {`,"macproto":`, false},
	FVproto: {`,"vproto":`, false}, FVid: {`,"vid":`, number}, FTunnel: {`,"tunnel":`, false},
	FSrc: {`,"src":`, false}, FDst: {`,"dst":`, false}, FLen: {`,"len":`, number},
	FTos: {`,"tos":`, false}, FPrec: {`,"prec":`, false}, FTTL: {`,"ttl":`, number}, FTc: {`,"tc":`, number},
	FHoplimit: {`,"hoplimit":`, number}, FFlowlbl: {`,"flowlbl":`, number}, FID: {`,"id":`, number},
	FFrag: {`,"frag":`, false}, FFragOffset: {`,"frag_offset":`, number}, FFragID: {`,"frag_id":`, false}, FExt: {`,"ext":`, false},
	FProto: {`,"proto":`, false}, FSpt: {`,"spt":`, number}, FDpt: {`,"dpt":`, number}, FUlen: {`,"ulen":`, number},
	FSeq: {`,"seq":`, number}, FAck: {`,"ack":`, number}, FWindow: {`,"window":`, number}, FRes: {`,"res":`, false},
	FUrgp: {`,"urgp":`, number}, FTCPOpt: {`,"tcp_opt":`, false}, FSpi: {`,"spi":`, false},
	FIcmpType: {`,"icmp_type":`, number}, FIcmpCode: {`,"icmp_code":`, number}, FIcmpID: {`,"icmp_id":`, number}, FIcmpSeq: {`,"icmp_seq":`, number},
	FGateway: {`,"gateway":`, false}, FPointer: {`,"pointer":`, false}, FMtu: {`,"mtu":`, number},
	FUID: {`,"uid":`, number}, FGID: {`,"gid":`, number}, FMark: {`,"mark":`, false},
	FHtype: {`,"htype":`, number}, FPtype: {`,"ptype":`, false}, FOpcode: {`,"opcode":`, number},
	FArpMacsrc: {`,"arp_macsrc":`, false}, FIpsrc: {`,"ipsrc":`, false}, FArpMacdst: {`,"arp_macdst":`, false}, FIpdst: {`,"ipdst":`, false},
	FIncomplete: {`,"incomplete":`, number}, FTruncated: {`,"truncated":`, false},
}

// String returns the field's name in the stream.
func (f Field) String() string { return fieldInfos[f].key.name() }

// ParseField is the inverse of String; ok is false for any other word.
func ParseField(name string) (f Field, ok bool) {
	for f := range NumFields {
		if fieldInfos[f].key.name() == name {
			return f, true
		}
	}
	return 0, false
}
