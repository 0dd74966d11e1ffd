"""A mailbox: Dovecot, with one user whose mail lies in the service's own folder."""

import grp
import imaplib
import os
import pwd
from email.message import EmailMessage

from upheld.lab.service import Service, find

USER, PASSWORD = "reports", "correct-horse-7-battery"

_CONFIG = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:{folder}/mail
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot(Service):
    """Answers IMAP on 127.0.0.1, without encryption."""

    name = "imap"

    @property
    def settings(self) -> str:
        """What `inbox.toml` says of it, but for the password."""
        return f'host = "127.0.0.1"\nport = {self.port}\nsecurity = "none"\nuser = "{USER}"\n'

    def command(self) -> list[str]:
        me = pwd.getpwuid(os.getuid())
        group = grp.getgrgid(me.pw_gid).gr_name
        as_root = me.pw_uid == 0
        reader = pwd.getpwnam("mail") if as_root else me
        (self.folder / "mail").mkdir()
        if as_root:
            os.chown(self.folder / "mail", reader.pw_uid, reader.pw_gid)
            self.folder.chmod(0o755)
        config = self.folder / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                folder=self.folder,
                internal="dovecot" if as_root else me.pw_name,
                group="dovecot" if as_root else group,
                login="dovenull" if as_root else me.pw_name,
                uid=reader.pw_uid,
                gid=reader.pw_gid,
                password=PASSWORD,
                port=self.port,
            ),
            encoding="utf-8",
        )
        return [find("dovecot"), "-F", "-c", str(config)]

    def answers(self) -> bool:
        try:
            with self.opened():
                return True
        except (OSError, imaplib.IMAP4.error):
            return False

    def opened(self) -> imaplib.IMAP4:
        """Return a connection as its user, with the mailbox open."""
        connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=5)
        connection.login(USER, PASSWORD)
        connection.select("INBOX")
        return connection

    def deliver(self, *mails: EmailMessage) -> None:
        """Put `mails` into the mailbox, unread."""
        with self.opened() as connection:
            for mail in mails:
                connection.append("INBOX", "", "", mail.as_bytes())
