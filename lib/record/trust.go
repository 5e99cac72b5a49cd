package record

// Trust says how far an event can be believed, lowest first. The order is the
// one that comparisons use.
type Trust uint8

// The levels of trust. DESIGN: who could have written this line?
const (
	TrustNone   Trust = iota // anybody: another tag, standard input
	TrustLog                 // any local user, through the syslog socket
	TrustDaemon              // the syslog daemon vouches that the kernel's log was its input
	TrustKernel              // the kernel or root
)

var trustNames = [...]string{"none", "log", "daemon", "kernel"}

// String returns the name that stands in the stream.
func (t Trust) String() string { return trustNames[t] }

// ParseTrust is the inverse of String; ok is false for any other word.
func ParseTrust(s string) (t Trust, ok bool) {
	for i, n := range trustNames {
		if s == n {
			return Trust(i), true
		}
	}
	return TrustNone, false
}
