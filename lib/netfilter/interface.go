package netfilter

// maxInterface is IFNAMSIZ-1, in bytes.
const maxInterface = 15

// ValidInterface reports whether an interface name may stand in a rule: 1 to 15
// letters, digits, '_', '.', '@' and '-', no '-' first, and not "." or "..".
//
// The kernel allows almost any byte (dev_valid_name in net/core/dev.c). Some of
// those are wildcards in a rule (iptables "eth0+", nft "eth*"), look like an
// option ("-j") or mean something to a shell; a rule for such a name is not
// made.
func ValidInterface(name string) bool {
	if len(name) == 0 || len(name) > maxInterface || name[0] == '-' || name == "." || name == ".." {
		return false
	}
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '_', c == '.', c == '@', c == '-':
		default:
			return false
		}
	}
	return true
}
