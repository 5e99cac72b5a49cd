package kernlog

import "github.com/sl-suite/sl/lib/record"

// Why an event is believed no further; "" goes with TrustKernel alone.
const (
	reasonUnknown  = "nothing says where the line was read"
	reasonNotFile  = "not read from a file: anybody may have written it"
	reasonWritable = "others than root can write the file"
	reasonForeign  = "the line names another writer than the kernel"
	reasonNoTag    = "the line names no writer"
	reasonDaemon   = "the word of the syslog daemon, through which it came"
	reasonClient   = "any local user can send the journal such an entry"
	reasonSyslog   = "any local user can have syslog write such a line"
	reasonNoKernel = "no kernel writes such a message: TCP with the length of UDP"
)

// trust says how far the origin that a line claims can be believed in a source.
func trust(h *head, src *record.Source) (record.Trust, string) {
	switch {
	case src == nil:
		return record.TrustNone, reasonUnknown
	case h.carrier == carrierKmsg && src.Kind == "device":
		if h.origin != fromKernel {
			return record.TrustNone, reasonForeign
		}
		if src.Path != "/dev/kmsg" || !rootOnly(src) {
			return record.TrustNone, reasonWritable
		}
		return record.TrustKernel, ""
	case src.Kind != "file":
		return record.TrustNone, reasonNotFile
	case !rootOnly(src):
		return record.TrustNone, reasonWritable
	case h.origin == fromProgram, h.origin == fromPVE:
		return record.TrustNone, reasonForeign
	case h.carrier == carrierAudit:
		return record.TrustKernel, ""
	case h.origin == fromKernel && (h.input == inputKlog || h.input == inputKmsg):
		return record.TrustDaemon, reasonDaemon
	case h.carrier == carrierSyslog, h.carrier == carrierSyslog5:
		return record.TrustLog, reasonSyslog
	}
	return record.TrustNone, reasonNoTag // saved dmesg output, bare messages
}

// rootOnly reports whether nobody but root can write the source: root owns it,
// and its mode lets neither group nor others write.
func rootOnly(src *record.Source) bool {
	digits := src.Mode
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '7' || i >= len(digits)-2 && digits[i]&2 != 0 {
			return false
		}
	}
	return len(digits) >= 3 && src.UID == 0
}
