package kernlog

import "strings"

// Inputs of rsyslog, as its property inputname gives them, by what a line with
// the kernel's tag that came through them is worth.
const (
	inputKlog    = "imklog"    // /proc/kmsg; drops what is not of facility 0 (permitnonkernelfacility)
	inputKmsg    = "imkmsg"    // /dev/kmsg
	inputJournal = "imjournal" // the journal, which any local user writes to
)

// readInput reads a line that begins with the name of the input it came
// through, and behind it a line of syslog:
//
//	imklog 2026-11-23T15:05:50.000000+01:00 host kernel: [12.3] ...
//
// Nothing that a stranger chose stands before the name, so it is the daemon's
// word. What has the kernel's tag and came another way is another program's, or
// another host's.
func (h *head) readInput(s string) error {
	name, rest, ok := strings.Cut(s, " ")
	if !ok || !isInput(name) {
		return &Error{0, "the line does not begin with the name of its input: " + quote(s)}
	}
	if err := h.read(rest); err != nil {
		return err
	}
	at := len(name) + 1
	if h.carrier != carrierSyslog && h.carrier != carrierSyslog5 {
		return &Error{at, "no line of syslog behind the name of its input: " + quote(rest)}
	}
	h.at += at
	h.input = name
	if h.origin == fromKernel && name != inputKlog && name != inputKmsg && name != inputJournal {
		h.origin = fromProgram
	}
	return nil
}

// isInput checks the name of a module, all of which begin so, and of the daemon
// itself.
func isInput(name string) bool {
	if name == "rsyslogd" {
		return true
	}
	rest, ok := strings.CutPrefix(name, "im")
	for i := 0; i < len(rest); i++ {
		if !isDigit(rest[i]) && (rest[i] < 'a' || rest[i] > 'z') {
			return false
		}
	}
	return ok && rest != ""
}
