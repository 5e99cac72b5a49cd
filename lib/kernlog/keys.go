package kernlog

import "github.com/sl-suite/sl/lib/record"

// form is how a value is written.
type form uint8

const (
	quoted  form = iota // "text", a constant of the kernel
	number              // decimal, perhaps with a sign
	word                // text without quotes or with them
	untrust             // audit_log_untrustedstring: "text", or hex without quotes
	label               // aa_label_xaudit: as untrust, or nothing where it could not print the label
	address             // a socket's: as untrust, or none
)

// field says where the value of a key goes, and how it is written.
type field struct {
	to   record.Field
	form form
}

// keyField returns what becomes of a key; ok is false for one that an event does
// not keep: parent, trans, offset, netif, olabel, and what is yet to come.
func keyField(key string) (f field, ok bool) {
	switch key {
	case "apparmor":
		return field{record.FVerdict, quoted}, true
	case "operation":
		return field{record.FOperation, quoted}, true
	case "class":
		return field{record.FClass, quoted}, true
	case "info":
		return field{record.FInfo, quoted}, true
	case "error":
		return field{record.FError, number}, true
	case "namespace":
		return field{record.FNamespace, untrust}, true
	case "ns":
		return field{record.FNamespace, untrust}, true
	case "profile":
		return field{record.FProfile, untrust}, true
	case "label":
		return field{record.FLabel, label}, true
	case "name":
		return field{record.FName, untrust}, true
	case "pid":
		return field{record.FPid, number}, true
	case "comm":
		return field{record.FComm, untrust}, true
	case "requested_mask":
		return field{record.FRequestedMask, quoted}, true
	case "denied_mask":
		return field{record.FDeniedMask, quoted}, true
	case "requested":
		return field{record.FRequested, quoted}, true
	case "denied":
		return field{record.FDenied, quoted}, true
	case "fsuid":
		return field{record.FFsuid, number}, true
	case "ouid":
		return field{record.FOuid, number}, true
	case "capability":
		return field{record.FCapability, number}, true
	case "capname":
		return field{record.FCapname, untrust}, true
	case "family":
		return field{record.FFamily, quoted}, true
	case "sock_type":
		return field{record.FSockType, quoted}, true
	case "protocol":
		return field{record.FProtocol, word}, true
	case "laddr":
		return field{record.FLaddr, word}, true
	case "lport":
		return field{record.FLport, number}, true
	case "faddr":
		return field{record.FFaddr, word}, true
	case "fport":
		return field{record.FFport, number}, true
	case "saddr":
		return field{record.FSaddr, word}, true
	case "src":
		return field{record.FSport, number}, true
	case "daddr":
		return field{record.FDaddr, word}, true
	case "dest":
		return field{record.FDest, number}, true
	case "addr":
		return field{record.FAddr, address}, true
	case "peer_addr":
		return field{record.FPeerAddr, address}, true
	case "peer":
		return field{record.FPeer, label}, true
	case "signal":
		return field{record.FSignal, word}, true
	case "target":
		return field{record.FTarget, label}, true
	case "name2":
		return field{record.FTarget, untrust}, true
	case "srcname":
		return field{record.FSrcname, untrust}, true
	case "fstype":
		return field{record.FFstype, untrust}, true
	case "flags":
		return field{record.FFlags, quoted}, true
	case "options":
		return field{record.FOptions, untrust}, true
	case "rlimit":
		return field{record.FRlimit, word}, true
	case "value":
		return field{record.FValue, number}, true
	case "tcontext":
		return field{record.FTcontext, label}, true
	case "bus":
		return field{record.FBus, quoted}, true
	case "path":
		return field{record.FPath, untrust}, true
	case "interface":
		return field{record.FInterface, quoted}, true
	case "member":
		return field{record.FMember, quoted}, true
	case "method":
		return field{record.FMember, quoted}, true // dbus-broker
	case "mask":
		return field{record.FMask, quoted}, true
	case "peer_label":
		return field{record.FPeerLabel, untrust}, true
	case "peer_profile":
		return field{record.FPeerLabel, untrust}, true // dbus-daemon before 1.9
	case "peer_pid":
		return field{record.FPeerPid, number}, true
	case "execpath":
		return field{record.FExecpath, untrust}, true
	case "exe":
		return field{record.FExe, untrust}, true
	}
	return field{}, false
}
