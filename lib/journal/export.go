package journal

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"unicode/utf8"
)

// AppendExport appends an entry in the Journal Export Format, as "journalctl -o
// export" prints it, an empty line at its end (systemd.io/JOURNAL_EXPORT_FORMATS).
// A field that is too long is there without its value, so that it can be seen that
// the entry has it.
func AppendExport(dst []byte, e *Entry) []byte {
	dst = append(dst, "__CURSOR="...)
	dst = e.Cursor.appendText(dst)
	dst = append(dst, "\n__REALTIME_TIMESTAMP="...)
	dst = strconv.AppendUint(dst, e.Realtime, 10)
	dst = append(dst, "\n__MONOTONIC_TIMESTAMP="...)
	dst = strconv.AppendUint(dst, e.Monotonic, 10)
	dst = append(dst, "\n_BOOT_ID="...)
	dst = hex.AppendEncode(dst, e.BootID[:])
	dst = append(dst, '\n')
	for _, f := range e.Fields {
		if string(f.Name) == "_BOOT_ID" {
			continue
		}
		dst = append(dst, f.Name...)
		if isText(f.Value) {
			dst = append(dst, '=')
		} else {
			dst = append(dst, '\n')
			dst = binary.LittleEndian.AppendUint64(dst, uint64(len(f.Value)))
		}
		dst = append(dst, f.Value...)
		dst = append(dst, '\n')
	}
	return append(dst, '\n')
}

// isText reports whether a value may stand in a line: UTF-8 without control
// characters but the tab.
func isText(value []byte) bool {
	for len(value) > 0 {
		if c := value[0]; c >= ' ' && c < 0x7f {
			value = value[1:]
			continue
		}
		c, n := utf8.DecodeRune(value)
		if c == utf8.RuneError && n < 2 || c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0 {
			return false
		}
		value = value[n:]
	}
	return true
}
