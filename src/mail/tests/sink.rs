//! A mail server of thirty lines, with manners.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Clone, Copy)]
pub enum Manner {
    Take,
    /// Answers the recipient with this line.
    Say(&'static str),
    /// Stops answering after the recipient.
    FallSilent,
}

/// Starts the server; what it hears is kept.
pub async fn sink(manner: Manner) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(String::new()));
    let keep = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, manner, Arc::clone(&keep)));
        }
    });
    (url, heard)
}

async fn talk(stream: TcpStream, manner: Manner, heard: Arc<Mutex<String>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let (mut in_data, mut answer) = (false, "220 sink");
    loop {
        if !answer.is_empty() && write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
        let Ok(Some(line)) = lines.next_line().await else { return };
        heard.lock().unwrap().push_str(&format!("{line}\n"));
        answer = match (manner, line.split([' ', ':']).next().unwrap_or_default()) {
            _ if in_data && line != "." => "",
            (Manner::Say(words), "RCPT") => words,
            (Manner::FallSilent, "RCPT") => std::future::pending().await,
            (_, "DATA") => {
                in_data = true;
                "354 go on"
            }
            _ => {
                in_data = false;
                "250 fine"
            }
        };
    }
}
